/** Factor on the learning rate: linear warm-up, then linear decay to zero; `step` counts from 0. */
export function scheduleAt(step: number, steps: number, warmup: number): number {
  const rising = Math.round(steps * warmup)
  if (step < rising) return (step + 1) / (rising + 1)
  return Math.max(0, (steps - step) / (steps - rising))
}
