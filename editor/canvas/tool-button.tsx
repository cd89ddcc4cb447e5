import type { ReactNode } from 'react'

const drawings: Record<string, ReactNode> = {
  undo: <path d="M7.5 5 4 8.5 7.5 12M4.3 8.5h7.2a4 4 0 0 1 0 8H9" />,
  redo: <path d="M12.5 5 16 8.5 12.5 12M15.7 8.5H8.5a4 4 0 0 0 0 8H11" />,
  tidy: <path d="M4 4.5h5v4H4zM11 11.5h5v4h-5zM9 6.5h4.5v5M4 15.5h4M4 12.5h4" />,
  minus: <path d="M5 10h10" />,
  plus: <path d="M10 5v10M5 10h10" />,
  fit: <path d="M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5" />,
}

/** A small square button of the canvas' own tools. */
export function ToolButton({
  icon,
  label,
  disabled,
  onClick,
}: {
  icon: string
  label: string
  disabled?: boolean
  onClick: () => void
}) {
  return (
    <button type="button" className="bl-tool" title={label} aria-label={label} disabled={disabled} onClick={onClick}>
      <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" focusable="false">
        {drawings[icon]}
      </svg>
    </button>
  )
}
