import { saveChart } from './save-chart.ts'

const space = 'http://www.w3.org/2000/svg'

/** Keeps a table that is a picture, such as the confusion matrix, as a PNG: its cells drawn where they stand, in their colours. */
export async function saveTable(name: string, table: HTMLTableElement): Promise<void> {
  const spots = [...table.querySelectorAll<HTMLElement>('th, td')].map(toSpot)
  const left = Math.min(...spots.map((spot) => spot.box.left))
  const top = Math.min(...spots.map((spot) => spot.words.top))
  const right = Math.max(...spots.map((spot) => Math.max(spot.box.right, spot.words.right)))
  const bottom = Math.max(...spots.map((spot) => spot.box.bottom))
  const svg = element('svg', { width: right - left, height: bottom - top })
  svg.setAttribute('viewBox', `${left} ${top} ${right - left} ${bottom - top}`)
  for (const spot of spots) draw(svg, spot)
  // Styles and the ground are computed only of what stands on the page, and nobody must see it for the moment that this takes.
  const unseen = document.createElement('div')
  unseen.style.cssText = 'position: absolute; visibility: hidden'
  unseen.append(svg)
  table.parentElement?.append(unseen)
  try {
    await saveChart(name, svg)
  } finally {
    unseen.remove()
  }
}

interface Spot {
  box: DOMRect
  /** Where its words end up, turned ones included. */
  words: DOMRect
  ground: string
  text: string
  style: CSSStyleDeclaration
  head: boolean
  /** Words that do not lie flat. */
  turned: boolean
}

function toSpot(cell: HTMLElement): Spot {
  const inner = cell.querySelector<HTMLElement>('button, span') ?? cell
  const style = getComputedStyle(inner)
  return {
    box: cell.getBoundingClientRect(),
    words: inner.getBoundingClientRect(),
    ground: getComputedStyle(inner.matches('button') ? inner : cell).backgroundColor,
    text: cell.textContent?.trim() ?? '',
    style,
    head: cell.matches('th'),
    turned: style.transform !== 'none',
  }
}

function draw(svg: SVGSVGElement, { box, words, ground, text, style, head, turned }: Spot) {
  if (!head)
    svg.append(element('rect', { x: box.left, y: box.top, width: box.width, height: box.height, rx: 4, fill: ground }))
  if (text === '') return
  const size = Number.parseFloat(style.fontSize)
  const place: Record<string, string | number> = turned
    ? { transform: `translate(${words.left + size / 2} ${words.bottom - size / 2}) rotate(-55)` }
    : head
      ? { x: box.right - 8, y: box.bottom - box.height / 2 + size * 0.35, 'text-anchor': 'end' }
      : { x: box.left + box.width / 2, y: box.top + box.height / 2 + size * 0.35, 'text-anchor': 'middle' }
  const line = element('text', {
    ...place,
    fill: style.color,
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
    'font-family': style.fontFamily,
  })
  line.textContent = text
  svg.append(line)
}

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(space, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}
