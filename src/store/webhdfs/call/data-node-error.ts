import { AtlasError } from '../../../errors.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import type { Call } from './call.ts';
import { NoAnswer, reasonOf } from './exchange.ts';

/** Reasons that are about the certificate, not about the way to the server. */
const ABOUT_TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO)/;

/** That a DataNode cannot be reached by what the NameNode calls it; null where that is not why a call failed. */
export function dataNodeError(call: Call, plan: WebHdfsPlan, to: URL | null, error: unknown): AtlasError | null {
  if (plan.api === 'httpfs' || to === null || !(error instanceof NoAnswer) || error.sent) return null;
  const reason = reasonOf(error);
  if (ABOUT_TLS.test(reason)) return null;
  const unknown = reason === 'ENOTFOUND' || reason === 'EAI_AGAIN';
  const why = unknown ? `this machine does not know the host ${to.hostname}` : 'it cannot be reached';
  const hint = unknown
    ? `DataNodes announce names that the cluster knows: make ${to.hostname} known here (DNS, /etc/hosts), or go through HttpFS. atlas-ingest doctor tells more.`
    : 'The way to the NameNode is open, that to the DataNode is not: look at firewalls, or go through HttpFS. atlas-ingest doctor tells more.';
  const message = `${call.op} ${call.path}: the NameNode sends us to the DataNode ${to.host}, and ${why}: ${reason}`;
  return new AtlasError('ATLAS_HDFS_DATANODE', message, { place: { file: call.path }, cause: error, hint });
}
