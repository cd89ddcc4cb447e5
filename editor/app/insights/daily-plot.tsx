import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { cssValue, useThemeMode } from '../theme.ts'
import { number } from '../ui/words.ts'
import type { Day } from './daily.ts'

/** Bars of days, one part on top of the other, for eyes. In a file of its own: the plotter comes with the page that draws. */
export function DailyPlot({
  days,
  parts,
  dayName,
  height,
}: {
  days: readonly Day[]
  parts: readonly { key: keyof Day['parts']; colour: string }[]
  dayName: (day: string) => string
  height: number
}) {
  const mode = useThemeMode()
  const holder = useRef<HTMLDivElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read again when the theme changes
  useEffect(() => {
    const element = holder.current
    if (!element) return
    const axis = {
      stroke: cssValue('--bl-text-3'),
      grid: { stroke: cssValue('--bl-border'), width: 1 },
      ticks: { show: false },
      font: `11px ${cssValue('--bl-font')}`,
    }
    const bars = uPlot.paths.bars!({ size: [0.7, 36], radius: 0.12 })
    // The whole is drawn first, and what stands lower over it.
    const heights = parts.map((_, index) =>
      days.map((day) => parts.slice(index).reduce((sum, { key }) => sum + day.parts[key], 0)),
    )
    const chart = new uPlot(
      {
        width: element.clientWidth || 320,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 8, 0, 0],
        scales: {
          x: { time: false, range: [-0.6, days.length - 0.4] },
          y: { range: (_, __, max) => [0, Math.max(4, max * 1.08)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 26,
            incrs: [1, 2, 5, 7, 14, 28],
            space: 56,
            values: (_, ticks) => ticks.map((tick) => (days[tick] ? dayName(days[tick].day) : '')),
          },
          {
            ...axis,
            size: 44,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5],
            values: (_, ticks) => ticks.map((tick) => number(tick)),
          },
        ],
        series: [
          {},
          ...parts.map(({ colour }) => ({
            fill: cssValue(colour),
            stroke: cssValue(colour),
            width: 0,
            paths: bars,
            points: { show: false },
          })),
        ],
      },
      [days.map((_, index) => index), ...heights],
      element,
    )
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [mode, height, days, parts, dayName])

  return <div ref={holder} aria-hidden="true" />
}
