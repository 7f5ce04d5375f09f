import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sniffCsv } from '../../../src/source/csv/sniff/sniff-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'atlas-sniff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes of a text in an encoding, by turning its decoder round: `singles` and pairs of bytes that mean one character. */
function encode(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const table = new Map<string, number[]>();
  const put = (bytes: number[]): void => {
    try {
      const character = decoder.decode(Uint8Array.from(bytes));
      if ([...character].length === 1 && !table.has(character)) table.set(character, bytes);
    } catch {
      // No character.
    }
  };
  for (let first = 0; first < 256; first += 1) put([first]);
  if (!/^(windows|iso|koi|mac)/.test(encoding)) {
    for (let first = 0x81; first < 255; first += 1)
      for (let second = 0x40; second < 255; second += 1) put([first, second]);
  }
  return Uint8Array.from([...text].flatMap((character) => table.get(character) ?? [0x3f]));
}

async function sniff(bytes: Uint8Array) {
  const path = join(folder, 'file.csv');
  writeFileSync(path, bytes);
  const { readings } = await sniffCsv(path, {}, { signal: new AbortController().signal });
  const evidence = readings[0]?.evidence.find(({ about }) => about === 'encoding');
  return { encoding: readings[0]?.dialect.encoding, confidence: evidence?.confidence ?? 0 };
}

/** A few lines in each language, as tables hold them. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'windows-1252': [
    'Name,Straße,Ort\nMüller,Königstraße,Köln\nJäger,Weißgasse,Düsseldorf\n',
    'nom,ville\nÉlodie Lefèvre,Orléans\nFrançois Côté,Genève\n',
    'nombre,ciudad\nJosé Núñez,Málaga\nMaría Ibáñez,Córdoba\n',
    'nome,cidade\nJoão Gonçalves,São Paulo\nInês Simões,Brasília\n',
    'navn,by\nBjørn Sørensen,Tromsø\nÅse Næss,Ålesund\n',
  ],
  'windows-1251': ['имя,город,улица\nИван Петров,Москва,Ленина\nАнна Смирнова,Казань,Садовая\n'],
  'koi8-r': ['имя,город,улица\nИван Петров,Москва,Ленина\nАнна Смирнова,Казань,Садовая\n'],
  'windows-1250': ['jméno,město\nTomáš Dvořák,Plzeň\nJiří Růžička,České Budějovice\nLukáš Němec,Žďár\n'],
  'windows-1254': ['ad,şehir\nŞule Yılmaz,İstanbul\nÇağrı Öztürk,Diyarbakır\nIşıl Güneş,Muğla\n'],
  'windows-1253': ['όνομα,πόλη\nΓιώργος Παπαδόπουλος,Αθήνα\nΕλένη Νικολάου,Θεσσαλονίκη\n'],
  shift_jis: ['名前,住所,電話番号\n田中太郎,東京都新宿区,03\n山田花子,大阪市北区,06\nスズキ,名古屋,52\n'],
  'euc-jp': ['名前,住所,電話番号\n田中さん,東京都新宿区,03\n山田さん,大阪市北区,06\nスズキ,名古屋,52\n'],
  gb18030: ['姓名,地址,电话\n王小明,北京市海淀区中关村,10\n李文,上海市长宁区,21\n张国立,广州天河,20\n'],
  big5: ['姓名,地址,電話\n王小明,台北市信義區,2\n李文華,高雄市三民區,7\n張國立,新竹市東區,3\n'],
  'euc-kr': ['이름,주소,전화\n김철수,서울시 강남구,2\n이영희,부산시 해운대구,51\n박지성,수원시 영통구,31\n'],
};

describe('encodings, by how plausible the text is in them', () => {
  for (const [encoding, texts] of Object.entries(TEXTS)) {
    it.each(texts)(`${encoding}: %#`, async (text) => {
      expect(await sniff(encode(text, encoding))).toMatchObject({ encoding });
    });
  }

  it('UTF-8 needs no plausibility: it is valid to the last byte', async () => {
    expect(await sniff(Buffer.from('name,city\nJosé,Málaga\n'))).toEqual({ encoding: 'utf-8', confidence: 0.99 });
  });

  it('UTF-16 without a mark is told by its zero bytes', async () => {
    const text = Buffer.from('name,city\nJosé,Málaga\nAna,Lima\n', 'utf16le');
    expect((await sniff(text)).encoding).toBe('utf-16le');
    expect((await sniff(text.swap16())).encoding).toBe('utf-16be');
  });

  it('a byte that is no UTF-8 far behind the first megabyte is seen, and few of them do not change the encoding', async () => {
    const rows = Buffer.from(`name,n\n${'José Núñez,1\n'.repeat(200_000)}`);
    expect((await sniff(rows)).confidence).toBe(0.99);
    const bad = Buffer.concat([rows, Buffer.from([0xe9, 0x2c, 0x31, 0x0a])]);
    const found = await sniff(bad);
    expect(found.encoding).toBe('utf-8');
    expect(found.confidence).toBeLessThan(0.9);
  });

  it('one byte beyond ASCII proves little', async () => {
    const found = await sniff(Uint8Array.from([...Buffer.from('a,b\n1,caf'), 0xe9, 0x0a]));
    expect(found.encoding).toBe('windows-1252');
    expect(found.confidence).toBeLessThan(0.75);
  });
});
