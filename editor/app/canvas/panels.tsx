import { Splitter } from 'antd'
import { type ReactNode, useState } from 'react'

const storageKey = 'botloom.panels'

interface Sizes {
  palette: number
  side: number
  bottom: number
}
const firstSizes: Sizes = { palette: 208, side: 344, bottom: 312 }

function readSizes(): Sizes {
  try {
    return { ...firstSizes, ...JSON.parse(localStorage.getItem(storageKey) ?? '{}') }
  } catch {
    return firstSizes
  }
}

/** Panels whose borders can be dragged; their sizes are remembered on this device. */
export function Panels({
  palette,
  canvas,
  side,
  bottom,
}: {
  palette: ReactNode
  canvas: ReactNode
  side: ReactNode
  bottom: ReactNode
}) {
  const [sizes, setSizes] = useState(readSizes)
  const keep = (change: Partial<Sizes>) => {
    const next = { ...sizes, ...change }
    setSizes(next)
    localStorage.setItem(storageKey, JSON.stringify(next))
  }
  return (
    <Splitter
      orientation="vertical"
      onResize={([, height]) => height !== undefined && bottom && keep({ bottom: height })}
    >
      <Splitter.Panel min={160}>
        <Splitter
          onResize={([left, , right]) =>
            keep({ ...(left === undefined ? {} : { palette: left }), ...(right === undefined ? {} : { side: right }) })
          }
        >
          <Splitter.Panel size={sizes.palette} min={152} max={340}>
            {palette}
          </Splitter.Panel>
          <Splitter.Panel min={320}>{canvas}</Splitter.Panel>
          <Splitter.Panel size={sizes.side} min={300} max={620}>
            {side}
          </Splitter.Panel>
        </Splitter>
      </Splitter.Panel>
      {bottom && (
        <Splitter.Panel size={sizes.bottom} min={120} max="70%">
          {bottom}
        </Splitter.Panel>
      )}
    </Splitter>
  )
}
