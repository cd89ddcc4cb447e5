/** A speech bubble woven on a loom: three warp threads, two weft threads going over and under. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <path
        d="M9 2.5h14A6.5 6.5 0 0 1 29.5 9v9.5A6.5 6.5 0 0 1 23 25h-6.5l-6 4.700c-.8.6-2 .1-2-1V25A6.5 6.5 0 0 1 2.5 18.5V9A6.5 6.5 0 0 1 9 2.5z"
        fill="var(--bl-logo, #3a4bb0)"
      />
      <g strokeWidth="2.5" strokeLinecap="round">
        <path d="M10 7.5v12.5M22 7.5v12.5" stroke="#fff" />
        <path d="M6.800 11h18.400" stroke="#ffb84d" />
        <path d="M16 7.5v12.5" stroke="#fff" />
        <path d="M6.800 16.5h5M20.200 16.5h5" stroke="#ffb84d" />
        <path d="M13.5 16.5h5" stroke="#ffb84d" />
        <path d="M10 13.800v5.5M22 13.800v5.5" stroke="#fff" />
      </g>
    </svg>
  )
}
