import { expect, test } from 'vitest'
import { toCsv } from './to-csv.ts'

test('whatever a visitor wrote, no cell becomes a formula and none breaks out of its place', () => {
  expect(toCsv([['=1+1', '+86', '-2', '@x', '\tx', '＝A1', 'a,b', 'say "hi"\nnow', -2, 0.5, null]])).toBe(
    '\uFEFF\'=1+1,\'+86,\'-2,\'@x,\'\tx,\'＝A1,"a,b","say ""hi""\nnow",-2,0.5,\r\n',
  )
})
