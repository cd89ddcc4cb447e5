import { saveFile } from './save-file.ts'

/** How many pixels of the file stand for one of the screen: sharp on paper and on dense screens. */
const scale = 2
/** Around the picture, in pixels of the screen. */
const rim = 12
/** What of a picture's look comes from style sheets, which a file does not have. */
const looks = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'dominant-baseline',
]

/** Keeps a picture of the page as a PNG as it is seen, on the page's own ground. */
export async function saveChart(name: string, svg: SVGSVGElement): Promise<void> {
  saveFile(`${name}.png`, await drawChart(svg))
}

async function drawChart(svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect()
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standAlone(svg, width, height))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.round((width + 2 * rim) * scale)
  canvas.height = Math.round((height + 2 * rim) * scale)
  const paper = canvas.getContext('2d')
  if (!paper) throw new Error('no canvas')
  paper.fillStyle = groundOf(svg)
  paper.fillRect(0, 0, canvas.width, canvas.height)
  paper.drawImage(image, rim * scale, rim * scale, width * scale, height * scale)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  )
}

/** The picture as a document of its own: each element carries the style that the page gave it. */
function standAlone(svg: SVGSVGElement, width: number, height: number): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [i, original] of [svg, ...svg.querySelectorAll<SVGElement>('*')].entries()) {
    const style = getComputedStyle(original)
    for (const look of looks) copies[i]!.style.setProperty(look, style.getPropertyValue(look))
    copies[i]!.removeAttribute('class')
  }
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.style.removeProperty('max-width')
  return new XMLSerializer().serializeToString(copy)
}

/** The first colour below the picture that is not see-through. */
function groundOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor
    if (colour !== 'transparent' && !/^rgba\(.*, 0\)$/.test(colour)) return colour
  }
  return '#fff'
}
