import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { CurvePoint } from '#kit/curve.ts'
import { cssValue, useThemeMode } from '../app/theme.ts'
import { percent } from '../app/ui/words.ts'

/** The lines alone, for eyes. In a file of its own: a page loads the plotter only where a model learns. */
export function CurvePlot({ points, height }: { points: CurvePoint[]; height: number }) {
  const mode = useThemeMode()
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)

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
    const chart = new uPlot(
      {
        width: element.clientWidth || 320,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 8, 0, 0],
        scales: {
          x: { time: false, range: [0, 1] },
          loss: { range: (_, __, max) => [0, max * 1.05 || 1] },
          share: { range: [0, 1] },
        },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map((tick) => percent(tick, 0)), size: 24 },
          { ...axis, scale: 'loss', size: 40 },
          {
            ...axis,
            scale: 'share',
            side: 1,
            size: 44,
            grid: { show: false },
            values: (_, ticks) => ticks.map((tick) => percent(tick, 0)),
          },
        ],
        series: [
          {},
          { scale: 'loss', stroke: cssValue('--bl-accent'), width: 1.75, points: { show: false }, spanGaps: true },
          { scale: 'loss', stroke: cssValue('--bl-hue-action'), width: 1.75, dash: [5, 4], spanGaps: true },
          { scale: 'share', stroke: cssValue('--bl-ok'), width: 2, spanGaps: true },
        ],
      },
      [[], [], [], []],
      element,
    )
    plot.current = chart
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [mode, height])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart of another theme takes the points again
  useEffect(() => {
    plot.current?.setData([
      points.map((point) => point.at),
      points.map((point) => point.loss),
      points.map((point) => point.validationLoss),
      points.map((point) => point.validationAccuracy),
    ])
  }, [points, mode])

  return <div ref={holder} aria-hidden="true" />
}
