import type { ReactNode } from 'react'

/** Our own line icons on a 20 px grid, stroke 1.6, drawn in the colour of the text around them. */
const drawings = {
  bots: (
    <>
      <path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h7A2.5 2.5 0 0 1 16 6.5v5a2.5 2.5 0 0 1-2.5 2.5H10l-3.5 2.8V14A2.5 2.5 0 0 1 4 11.5z" />
      <path d="M8 8.2v1.6M12 8.2v1.6" />
    </>
  ),
  settings: (
    <>
      <path d="M3.5 6h6M14 6h2.5M3.5 14H6M10.5 14h6" />
      <circle cx="11.8" cy="6" r="2" />
      <circle cx="8.2" cy="14" r="2" />
    </>
  ),
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  close: <path d="m5 5 10 10M15 5 5 15" />,
  check: <path d="m4.5 10.5 3.7 3.7 7.3-8" />,
  play: <path d="M7 4.8v10.4l8.2-5.2z" />,
  stop: <rect x="5.5" y="5.5" width="9" height="9" rx="1.5" />,
  inbox: (
    <>
      <path d="M3.5 11.500 5.600 5.200A1.500 1.500 0 0 1 7 4.200h6a1.500 1.500 0 0 1 1.400 1l2.100 6.300v3A1.500 1.500 0 0 1 15 16H5a1.500 1.500 0 0 1-1.500-1.500z" />
      <path d="M3.500 11.500H7a3 3 0 0 0 6 0h3.500" />
    </>
  ),
  bell: <path d="M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500L16 15H4zM8.500 17.200h3M10 4.500V3.200" />,
  person: (
    <>
      <circle cx="10" cy="7" r="3" />
      <path d="M4 16.500c.6-3.100 3-4.800 6-4.800s5.400 1.700 6 4.800" />
    </>
  ),
  note: <path d="M4 4h12v8l-4 4H4zM16 12h-4v4M7 7.500h6M7 10.500h3" />,
  back: <path d="M8.500 5.500 4 10l4.500 4.500M4 10h12" />,
  sidebar: (
    <>
      <rect x="3.5" y="4.500" width="13" height="11" rx="1.5" />
      <path d="M12 4.500v11" />
    </>
  ),
  chat: (
    <path d="M3.5 9.3c0-3 2.9-5.3 6.5-5.3s6.5 2.3 6.5 5.3-2.9 5.3-6.5 5.3c-.7 0-1.4-.1-2-.3L4.8 16l.6-3c-1.2-1-1.9-2.3-1.9-3.7z" />
  ),
  publish: <path d="M10 12.5V3.8M6.5 7 10 3.5 13.5 7M4 12.5v2A1.5 1.5 0 0 0 5.5 16h9a1.5 1.5 0 0 0 1.5-1.5v-2" />,
  warning: (
    <>
      <path d="M10 3.6 17 15.8H3z" />
      <path d="M10 8.2v3.6M10 13.7v.1" />
    </>
  ),
  error: (
    <>
      <circle cx="10" cy="10" r="6.7" />
      <path d="M10 6.6v4.2M10 13.2v.1" />
    </>
  ),
  info: (
    <>
      <circle cx="10" cy="10" r="6.7" />
      <path d="M10 9.4v4M10 6.7v.1" />
    </>
  ),
  more: <path d="M4.6 10h.1M10 10h.1M15.4 10h.1" strokeWidth="2.6" />,
  picture: (
    <>
      <rect x="3.5" y="4.5" width="13" height="11" rx="1.5" />
      <path d="m3.8 13.5 3.7-3.7 3.6 3.6 2-2 3.3 3.2M12.6 8v.1" />
    </>
  ),
  search: (
    <>
      <circle cx="9" cy="9" r="4.8" />
      <path d="m12.6 12.6 3.6 3.6" />
    </>
  ),
  upload: <path d="M10 13V4.5M6.5 8 10 4.5 13.5 8M4 13v2.5h12V13" />,
  trash: <path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10h7.4l.8-10M8.5 9v4M11.5 9v4" />,
  restart: <path d="M15.8 8A6 6 0 1 0 16 11.5M16 4v4h-4" />,
  send: <path d="M10 16V4.5M5 9.3l5-5 5 5" />,
  up: <path d="m5 12.5 5-5 5 5" />,
  down: <path d="m5 7.5 5 5 5-5" />,
  left: <path d="m12.5 5-5 5 5 5" />,
  right: <path d="m7.5 5 5 5-5 5" />,
  download: <path d="M10 3.5v8.5M6.5 8.5 10 12l3.5-3.5M4 15.5h12" />,
  clock: (
    <>
      <circle cx="10" cy="10" r="6.7" />
      <path d="M10 6.2V10l2.6 1.8" />
    </>
  ),
  offline: (
    <path d="M3 3l14 14M4.3 8.2A9 9 0 0 1 7 6.6M10 5.8a9 9 0 0 1 5.7 2.4M6.6 11A5 5 0 0 1 9 9.8M12.3 10.3a5 5 0 0 1 1.1.7M10 14.3v.1" />
  ),
  panel: (
    <>
      <rect x="3.5" y="4.5" width="13" height="11" rx="1.5" />
      <path d="M3.5 11.5h13" />
    </>
  ),
  code: <path d="m7 6-4 4 4 4M13 6l4 4-4 4" />,
  copy: (
    <>
      <rect x="7" y="7" width="9" height="9.5" rx="1.5" />
      <path d="M13 7V5a1.5 1.5 0 0 0-1.5-1.5h-6A1.5 1.5 0 0 0 4 5v6.5A1.5 1.5 0 0 0 5.5 13H7" />
    </>
  ),
  file: <path d="M6 3.5h5l3.5 3.5v9.5h-8.5zM11 3.5V7h3.5" />,
  pencil: <path d="m4.5 15.5.6-3L13 4.6l2.4 2.4-7.9 7.9z" />,
  history: <path d="M4.2 8A6 6 0 1 1 4 11.5M4 4v4h4M10 7v3.3l2.3 1.5" />,
  print: (
    <>
      <path d="M6 7.5v-4h8v4M6 14H4.5A1.5 1.5 0 0 1 3 12.5V9a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 9v3.5a1.5 1.5 0 0 1-1.5 1.5H14" />
      <path d="M6 11.5h8v5H6z" />
    </>
  ),
  target: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <circle cx="10" cy="10" r="2.5" />
    </>
  ),
  help: (
    <>
      <circle cx="10" cy="10" r="7.2" />
      <path d="M8 8.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M10 13.6v.1" />
    </>
  ),
  scale: <path d="M6.5 4v12M3.8 6.7 6.5 4l2.7 2.7M13.5 16V4M10.8 13.3l2.7 2.7 2.7-2.7" />,
  keyboard: (
    <>
      <rect x="2.5" y="5" width="15" height="10" rx="2" />
      <path d="M5.5 8.3h.1M8.5 8.3h.1M11.5 8.3h.1M14.5 8.3h.1M7 12h6" />
    </>
  ),
  keep: <path d="M6 3.5h8v13l-4-3.2-4 3.2z" />,
  step: <path d="M4.5 5v10l7-5zM15 5v10" />,
  braces: (
    <path d="M8 4C6.300 4 6 5 6 6.500S5.800 10 4 10c1.800 0 2 2 2 3.500S6.300 16 8 16M12 4c1.700 0 2 1 2 2.500s.2 3.500 2 3.500c-1.800 0-2 2-2 3.500s-.3 2.500-2 2.500" />
  ),
  compare: <path d="M10 3.500v13M3.500 5.500h3.500v9H3.500zM13 5.500h3.500v9H13z" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof drawings

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {drawings[name]}
    </svg>
  )
}
