import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { cssValue, useThemeMode } from '../app/theme.ts'
import { percent } from '../app/ui/words.ts'
import type { ComparedCurve, CurveKey } from './compared-curves.tsx'

const dashes = [undefined, [6, 4], [2, 3], [10, 3, 2, 3]]

/** The lines of several runs over each other, for eyes. In a file of its own: only who compares loads the plotter. */
export function ComparedCurvePlot({ curves, of, height }: { curves: ComparedCurve[]; of: CurveKey; height: number }) {
  const mode = useThemeMode()
  const holder = useRef<HTMLDivElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read again when the theme changes
  useEffect(() => {
    const element = holder.current
    if (!element) return
    const share = of === 'validationAccuracy'
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
        padding: [8, 20, 0, 0],
        scales: {
          x: { time: false, range: [0, 1] },
          y: { range: share ? [0, 1] : (_, __, max) => [0, max * 1.05 || 1] },
        },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map((tick) => percent(tick, 0)), size: 24 },
          { ...axis, size: 44, ...(share ? { values: (_, ticks) => ticks.map((tick) => percent(tick, 0)) } : {}) },
        ],
        series: [
          {},
          ...curves.map((curve, index) => ({
            stroke: cssValue(curve.colour),
            width: 2,
            dash: dashes[index],
            points: { show: curve.points.filter((point) => point[of] !== null).length < 3 },
            spanGaps: true,
          })),
        ],
      },
      uPlot.join(
        curves.map(({ points }): uPlot.AlignedData => {
          const known = points.filter((point) => point[of] !== null)
          return [known.map((point) => point.at), known.map((point) => point[of])]
        }),
      ),
      element,
    )
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [curves, of, height, mode])

  return <div ref={holder} aria-hidden="true" />
}
