/**
 * Whether there was no memory for what was asked. ONNX Runtime has no code for it, so its words decide: `std::bad_alloc` of the plain
 * allocator (`bad allocation` on Windows), `Failed to allocate memory for requested buffer` of its arena, a device's own; V8 says
 * `Array buffer allocation failed`.
 */
export function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof Error &&
    /bad[_ ]alloc|failed to allocate|allocation failed|out[ -]of[ -]memory|ALLOC_FAILED/i.test(error.message)
  )
}
