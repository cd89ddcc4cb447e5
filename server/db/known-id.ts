/** SQLSTATE 23505, unique violation, from either driver: somebody else was faster, or this very one a moment ago. */
export function isKnownId(error: unknown): boolean {
  return error !== null && typeof error === 'object' && 'code' in error && error.code === '23505'
}
