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
  const answer = await fetch(`${url}/jmx?qry=Hadoop:service=NameNode,name=${name}`);
  const { beans } = (await answer.json()) as { readonly beans: readonly Readonly<Record<string, unknown>>[] };
  return beans[0] ?? {};
}
