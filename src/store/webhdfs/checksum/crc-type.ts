/** The checksums that HDFS keeps beside its blocks (`dfs.checksum.type`). */
export type CrcType = 'CRC32' | 'CRC32C';

/** Their polynomials, the lowest power in the highest bit. */
export const POLYNOMIALS: Readonly<Record<CrcType, number>> = { CRC32: 0xedb88320 | 0, CRC32C: 0x82f63b78 | 0 };
