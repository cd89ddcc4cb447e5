/** Text as it is compared: full-width forms folded (NFKC), lower case, outer blanks gone. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}

/** As `foldText`, with blanks, punctuation and symbols gone: "退货！" and "退货" are one. */
export function bareText(text: string): string {
  return foldText(text).replace(/[\s\p{P}\p{S}]+/gu, '')
}
