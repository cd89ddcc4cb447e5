/**
 * Environment for a process that trains (Linux with glibc reads it at start; elsewhere it does nothing). A training step allocates and
 * frees hundreds of megabytes; by default glibc hands large blocks back to the system each time and pays for fresh pages. Kept in the
 * heap instead, one pool serves the sessions of all batch shapes, which is why training sessions run without ONNX Runtime's own arena:
 * with 13 shapes of MiniLM 1.0 GiB instead of 5.4, and about a tenth faster (`npm run bench:train`).
 */
export const heapEnvironment: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: [
    'glibc.malloc.mmap_threshold=1073741824',
    'glibc.malloc.trim_threshold=17179869184',
    'glibc.malloc.top_pad=67108864',
  ].join(':'),
}
