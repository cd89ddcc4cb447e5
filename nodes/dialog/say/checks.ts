import { type CheckView, hasWords, type NodeProblem } from '#kit'
import { checkText } from '#kit/text-checks.ts'
import { checkUrl } from '#kit/url-checks.ts'
import type { SayConfig } from './config.ts'

export function checkSay(config: SayConfig, view: CheckView): NodeProblem[] {
  const { text, variants, buttons, image, imageAlt, cards } = config
  // A card, or a picture that says what it shows, is a message of its own.
  const saysOtherwise = cards.length > 0 || (image.trim() !== '' && hasWords(imageAlt))
  return [
    ...checkText('text', text, view, { optional: saysOtherwise }),
    ...variants.flatMap((item) => checkText(`variants.${item.id}.text`, item.text, view)),
    ...buttons.flatMap((item) => checkText(`buttons.${item.id}.text`, item.text, view)),
    ...checkImage(image, imageAlt, view),
    ...cards.flatMap((card) => checkCard(card, view)),
  ]
}

function checkImage(image: SayConfig['image'], alt: SayConfig['imageAlt'], view: CheckView): NodeProblem[] {
  if (image.trim() === '') return hasWords(alt) ? [{ code: 'image-missing', severity: 'warning', field: 'image' }] : []
  return [
    ...checkUrl('image', image, 'image', view),
    ...(hasWords(alt)
      ? checkText('imageAlt', alt, view)
      : [{ code: 'alt-missing', severity: 'warning', field: 'imageAlt' } as const]),
  ]
}

function checkCard(card: SayConfig['cards'][number], view: CheckView): NodeProblem[] {
  const { title, text, image, link, linkText } = card
  const at = `cards.${card.id}`
  const problems = [
    ...checkText(`${at}.title`, title, view),
    ...checkText(`${at}.text`, text, view, { optional: true }),
    ...checkUrl(`${at}.image`, image, 'image', view),
    ...checkUrl(`${at}.link`, link, 'link', view),
    ...checkText(`${at}.linkText`, linkText, view, { optional: true }),
  ]
  const hasLink = link.trim() !== ''
  if (hasLink && !hasWords(linkText))
    problems.push({ code: 'link-unnamed', severity: 'warning', field: `${at}.linkText` })
  if (!hasLink && hasWords(linkText)) problems.push({ code: 'link-missing', severity: 'warning', field: `${at}.link` })
  return problems
}
