import { emailsIn } from '#runtime/conditions/parse-email.ts'
import { phonesIn } from '#runtime/conditions/parse-phone.ts'
import type { Mark } from '../finding.ts'
import { addressesIn } from './address.ts'
import { bankCardsIn } from './bank-card.ts'
import { foldWithPlaces } from './folded.ts'
import { identityCardsIn } from './identity-card.ts'
import { namesIn } from './person-name.ts'

/** In the order in which they are looked for: what is taken for one is not taken for a later one. Each with its mask in Chinese and English. */
const kinds = {
  email: { find: emailsIn, mask: ['[邮箱]', '[email]'] },
  identity: { find: identityCardsIn, mask: ['[身份证]', '[id]'] },
  card: { find: bankCardsIn, mask: ['[银行卡]', '[card]'] },
  phone: { find: phonesIn, mask: ['[电话]', '[phone]'] },
  address: { find: addressesIn, mask: ['[地址]', '[address]'] },
  name: { find: namesIn, mask: ['[姓名]', '[name]'] },
} as const satisfies Record<string, { find: (folded: string) => [number, number][]; mask: [string, string] }>

export type PersonalKind = keyof typeof kinds
export const personalKinds = Object.keys(kinds) as PersonalKind[]

export interface PersonalPart {
  kind: PersonalKind
  mark: Mark
}

/** What in a text leads to a person, in the order of the text; no two parts overlap. */
export function personalParts(text: string): PersonalPart[] {
  const { folded, places } = foldWithPlaces(text)
  const at = (place: number): number => places[place] ?? place
  const found: PersonalPart[] = []
  for (const kind of personalKinds)
    for (const [from, to] of kinds[kind].find(folded)) {
      const [start, end] = [at(from), at(to)]
      if (found.every(({ mark }) => end <= mark[0] || start >= mark[1])) found.push({ kind, mark: [start, end] })
    }
  return found.sort((a, b) => a.mark[0] - b.mark[0])
}

/** The text with parts of these kinds replaced by what they are: one token a kind, in the language of the text. */
export function maskPersonal(text: string, parts: readonly PersonalPart[]): string {
  const language = /\p{Script=Han}/u.test(text) ? 0 : 1
  let masked = ''
  let at = 0
  for (const { kind, mark } of parts) {
    masked += text.slice(at, mark[0]) + kinds[kind].mask[language]
    at = mark[1]
  }
  return masked + text.slice(at)
}
