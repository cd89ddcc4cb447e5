import { expect, test } from 'vitest'
import { namedFlags } from './doctor-checks.ts'

test.each([
  ['flags : fpu sse2 avx avx2 fma', ['AVX2']],
  ['flags : avx2 avx512f avx512_vnni amx_int8', ['AVX2', 'AVX-512', 'VNNI', 'AMX']],
  ['flags : avx2 avx_vnni', ['AVX2', 'VNNI']],
  ['Features : fp asimd asimddp i8mm', ['NEON', 'DOT', 'I8MM']],
])('%s: names what makes training fast', (line, names) => {
  expect(namedFlags(line)).toEqual(names)
})
