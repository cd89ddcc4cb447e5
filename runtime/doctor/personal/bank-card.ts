const digits = /(?<![\dA-Za-z.])(?:\d[ -]?){12,18}\d(?![\dA-Za-z])/g
/** UnionPay, Visa, Mastercard, American Express, Discover, JCB: one number in ten passes Luhn's test by chance, so the issuer must fit too. */
const issuers = /^(?:62|4|5[1-5]|2[2-7]|3[47]|35|60|65|81)/

/** Numbers of bank cards: 13 to 19 digits of a known issuer whose last one checks the others (ISO/IEC 7812-1, Luhn's formula). */
export function bankCardsIn(folded: string): [start: number, end: number][] {
  return [...folded.matchAll(digits)].flatMap(({ 0: found, index }) => {
    const number = found.replace(/\D/g, '')
    return issuers.test(number) && passesLuhn(number) ? [[index, index + found.length] as [number, number]] : []
  })
}

function passesLuhn(number: string): boolean {
  let sum = 0
  for (let i = 0; i < number.length; i++) {
    const digit = Number(number[number.length - 1 - i]) * (i % 2 === 0 ? 1 : 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}
