/** Whether a NameNode has a DataNode, is out of safe mode and, where there are two, is the active one. `url` without a path. */
export async function servesFiles(url: string): Promise<boolean> {
  const system = await bean(url, 'FSNamesystem');
  const info = await bean(url, 'NameNodeInfo');
  return system['NumLiveDataNodes'] === 1 && system['tag.HAState'] === 'active' && info['Safemode'] === '';
}

async function bean(url: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${url}/jmx?qry=Hadoop:service=NameNode,name=${name}`);
  const { beans } = (await answer.json()) as { readonly beans: readonly Readonly<Record<string, unknown>>[] };
  return beans[0] ?? {};
}
