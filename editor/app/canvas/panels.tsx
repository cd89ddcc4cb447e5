import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './panels.module.css'

const storageKey = 'botloom.panels'

/** Sizes in px; what is left is the canvas. */
const limits = {
  palette: { first: 208, min: 152, max: 340 },
  side: { first: 344, min: 300, max: 620 },
  bottom: { first: 312, min: 120, max: 720 },
} as const
type Panel = keyof typeof limits
type Sizes = Record<Panel, number>

function readSizes(): Sizes {
  const first = { palette: limits.palette.first, side: limits.side.first, bottom: limits.bottom.first }
  try {
    return { ...first, ...JSON.parse(localStorage.getItem(storageKey) ?? '{}') }
  } catch {
    return first
  }
}

/** Panels whose borders can be dragged or moved by arrow keys; their sizes are remembered on this device. */
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
  const resize = (panel: Panel, size: number) => {
    const { min, max } = limits[panel]
    const next = { ...sizes, [panel]: Math.round(Math.min(max, Math.max(min, size))) }
    setSizes(next)
    localStorage.setItem(storageKey, JSON.stringify(next))
  }
  const style = {
    '--palette': `${sizes.palette}px`,
    '--side': `${sizes.side}px`,
    '--bottom': `${sizes.bottom}px`,
  } as CSSProperties
  const edge = (panel: Panel, side: Edge) => (
    <Divider panel={panel} edge={side} size={sizes[panel]} onResize={(size) => resize(panel, size)} />
  )
  return (
    <div className={styles.rows} style={style}>
      <div className={styles.columns} data-side={side ? '' : undefined}>
        <div className={styles.panel}>{palette}</div>
        {edge('palette', 'right')}
        <div className={styles.panel}>{canvas}</div>
        {side && edge('side', 'left')}
        {side && <div className={styles.panel}>{side}</div>}
      </div>
      {bottom && edge('bottom', 'top')}
      {bottom && <div className={styles.bottom}>{bottom}</div>}
    </div>
  )
}

/** Which edge of its panel a divider is. */
type Edge = 'left' | 'right' | 'top'
const step = 16
const keys: Record<Edge, { grow: string; shrink: string }> = {
  right: { grow: 'ArrowRight', shrink: 'ArrowLeft' },
  left: { grow: 'ArrowLeft', shrink: 'ArrowRight' },
  top: { grow: 'ArrowUp', shrink: 'ArrowDown' },
}

function Divider({
  panel,
  edge,
  size,
  onResize,
}: {
  panel: Panel
  edge: Edge
  size: number
  onResize: (size: number) => void
}) {
  const { t } = useTranslation('bot')
  const grip = useRef<{ size: number; at: number } | null>(null)
  const along = (event: PointerEvent) => (edge === 'top' ? event.clientY : event.clientX)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === keys[edge].grow ? step : event.key === keys[edge].shrink ? -step : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    onResize(size + by)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a divider that moves is no rule of text
    <div
      className={styles.divider}
      data-edge={edge}
      role="separator"
      aria-orientation={edge === 'top' ? 'horizontal' : 'vertical'}
      aria-label={t(`resize.${panel}`)}
      aria-valuenow={size}
      aria-valuemin={limits[panel].min}
      aria-valuemax={limits[panel].max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onResize(limits[panel].first)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        grip.current = { size, at: along(event) }
      }}
      onPointerMove={(event) => {
        if (!grip.current) return
        const moved = along(event) - grip.current.at
        onResize(grip.current.size + (edge === 'right' ? moved : -moved))
      }}
      onPointerUp={() => {
        grip.current = null
      }}
      onPointerCancel={() => {
        grip.current = null
      }}
    />
  )
}
