import type { ReactNode } from 'react'

const drawings: Record<string, ReactNode> = {
  undo: <path d="M7.5 5 4 8.5 7.5 12M4.3 8.5h7.2a4 4 0 0 1 0 8H9" />,
  redo: <path d="M12.5 5 16 8.5 12.5 12M15.7 8.5H8.5a4 4 0 0 0 0 8H11" />,
  tidy: <path d="M4 4.5h5v4H4zM11 11.5h5v4h-5zM9 6.5h4.5v5M4 15.5h4M4 12.5h4" />,
  minus: <path d="M5 10h10" />,
  plus: <path d="M10 5v10M5 10h10" />,
  'align-left': <path d="M4 3.5v13M7 6h9v3H7zM7 11.5h5v3H7z" />,
  'align-centre': <path d="M10 3.5V6M10 9v2.5M10 14.5v2M5.5 6h9v3h-9zM7.5 11.5h5v3h-5z" />,
  'align-right': <path d="M16 3.5v13M4 6h9v3H4zM8 11.5h5v3H8z" />,
  'align-top': <path d="M3.5 4h13M6 7v9h3V7zM11.5 7v5h3V7z" />,
  'align-middle': <path d="M3.5 10H6M9 10h2.5M14.5 10h2M6 5.5v9h3v-9zM11.5 7.5v5h3v-5z" />,
  'align-bottom': <path d="M3.5 16h13M6 4v9h3V4zM11.5 8v5h3V8z" />,
  'distribute-horizontally': <path d="M4 3.5v13M16 3.5v13M8 6h4v8H8z" />,
  'distribute-vertically': <path d="M3.5 4h13M3.5 16h13M6 8v4h8V8z" />,
  group: <path d="M3.5 6V3.5H6M14 3.5h2.5V6M16.5 14v2.5H14M6 16.5H3.5V14M6.5 6.5H11V10H6.5zM9 10v3.5h4.5V9H11" />,
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
