const card = /(?<![\da-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![\da-z])/gi

/** Chinese identity numbers: 17 digits and a check digit, weights 2^(17-i) mod 11 (GB 11643-1999; ISO 7064, MOD 11-2). */
export function identityCardsIn(folded: string): [start: number, end: number][] {
  return [...folded.matchAll(card)].flatMap(({ 0: number, index }) =>
    isChecked(number) ? [[index, index + number.length] as [number, number]] : [],
  )
}

function isChecked(number: string): boolean {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(number[i]) * (2 ** (17 - i) % 11)
  return '10X98765432'[sum % 11] === number[17]!.toUpperCase()
}
