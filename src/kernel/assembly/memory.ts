// First free byte after the kernel's static data; the host's arena begins here. Nothing in the kernel allocates.
export function heapBase(): usize {
  return __heap_base;
}
