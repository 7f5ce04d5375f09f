import { get } from 'node:http';
import { get as getSecure } from 'node:https';
import { text } from 'node:stream/consumers';

/** Whether a NameNode has a DataNode, is out of safe mode and, where there are two, is the active one. `url` without a path. */
export async function servesFiles(url: string): Promise<boolean> {
  if ((await stateOf(url)) !== 'active') return false;
  const system = await bean(url, 'FSNamesystemState');
  return system['NumLiveDataNodes'] === 1 && system['FSState'] === 'Operational';
}

/** `active`, `standby` or what else a NameNode says it is. */
export async function stateOf(url: string): Promise<string> {
  return String((await bean(url, 'NameNodeStatus'))['State']);
}

/** These two are true when they are asked; others (`FSNamesystem`) are up to ten seconds old. */
async function bean(
  url: string,
  name: 'FSNamesystemState' | 'NameNodeStatus',
): Promise<Readonly<Record<string, unknown>>> {
  const facts = await textOf(`${url}/jmx?qry=Hadoop:service=NameNode,name=${name}`);
  const { beans } = JSON.parse(facts) as { readonly beans: readonly Readonly<Record<string, unknown>>[] };
  return beans[0] ?? {};
}

/** Of a server that we started ourselves: its certificate says nothing more. */
function textOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, rejectUnauthorized: false };
    const request = (url.startsWith('https:') ? getSecure : get)(url, options, (answer) => {
      text(answer).then(resolve, reject);
    });
    request.once('error', reject);
  });
}
