const ENDLESS = 4_000_000_000;

/** One statement is one block, which makes one part of each partition; nothing in it is filled in, dropped, merged or left for later. */
export const BLOCK_SETTINGS = {
  async_insert: 0,
  input_format_null_as_default: 0,
  insert_null_as_default: 0,
  optimize_on_insert: 0,
  insert_deduplicate: 1,
  max_insert_threads: 1,
  max_insert_block_size: ENDLESS,
  min_insert_block_size_rows: ENDLESS,
  min_insert_block_size_bytes: 0,
};
