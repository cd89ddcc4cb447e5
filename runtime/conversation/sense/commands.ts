import type { Manners, UserMessage } from '#kit'
import { asksFor, hasPhrase, isPhrase } from './phrases.ts'

export type Command = 'person' | 'upset' | 'restart' | 'cancel' | 'repeat'

/** Words that hold one which is no such thing in them: a bin, the price of labour, somebody's mother. */
const harmless =
  /垃圾(?:[桶袋箱车篓]|分类|处理|短信|邮件)|人工(?:服务)?费|人工智能|[我她老姑大舅姨干宝妈]妈的|[他你]妈妈/gu

/**
 * What a visitor wants of the bot itself, whatever it is about. `underWay`: something was begun that can be cancelled; `upset`:
 * angry messages before this one.
 */
export function commandIn(
  { text, choice }: UserMessage,
  manners: Manners,
  { underWay, upset }: { underWay: boolean; upset: number },
): Command | null {
  if (choice || text === '') return null
  if (manners.person && asksFor(text.replace(harmless, '…'), manners.person.words)) return 'person'
  if (manners.upset && isUpset(text, manners) && upset + 1 >= manners.upset.times) return 'upset'
  if (manners.restart && isPhrase(text, manners.restart.words)) return 'restart'
  if (underWay && manners.cancel && isPhrase(text, manners.cancel.words)) return 'cancel'
  return manners.repeat && isPhrase(text, manners.repeat.words) ? 'repeat' : null
}

export function isUpset(text: string, { upset }: Manners): boolean {
  return upset !== null && hasPhrase(text.replace(harmless, '…'), upset.words)
}
