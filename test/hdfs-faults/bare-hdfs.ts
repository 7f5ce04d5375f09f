/** What stands on HDFS, asked without any code of ours. */
export class BareHdfs {
  readonly #url: string;
  readonly #user: string;

  constructor(url: string, user: string) {
    this.#url = url;
    this.#user = user;
  }

  /** The content of a file, or null where there is none. */
  async read(path: string): Promise<Buffer | null> {
    const answer = await this.#ask('GET', path, 'OPEN');
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`OPEN ${path}: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Names in a folder, sorted, a folder's with a slash behind it; empty where there is none. */
  async list(path: string): Promise<readonly string[]> {
    const answer = await this.#ask('GET', path, 'LISTSTATUS');
    if (answer.status === 404) return [];
    const { FileStatuses } = (await answer.json()) as {
      FileStatuses: { FileStatus: readonly { pathSuffix: string; type: string }[] };
    };
    return FileStatuses.FileStatus.map(({ pathSuffix, type }) => `${pathSuffix}${type === 'FILE' ? '' : '/'}`).sort();
  }

  async remove(path: string): Promise<void> {
    await (await this.#ask('DELETE', path, 'DELETE', { recursive: 'true' })).arrayBuffer();
  }

  async makeFolder(path: string): Promise<void> {
    await (await this.#ask('PUT', path, 'MKDIRS')).arrayBuffer();
  }

  /** As if nobody had touched a file for so long; its clock is this machine's. */
  async age(path: string, milliseconds: number): Promise<void> {
    const then = { modificationtime: String(Date.now() - milliseconds) };
    await (await this.#ask('PUT', path, 'SETTIMES', then)).arrayBuffer();
  }

  #ask(method: string, path: string, op: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const query = new URLSearchParams({ op, 'user.name': this.#user, ...more });
    const url = `${this.#url}${path.split('/').map(encodeURIComponent).join('/')}?${query}`;
    return fetch(url, { method });
  }
}
