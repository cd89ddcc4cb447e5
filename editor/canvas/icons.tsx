import { memo, type ReactNode } from 'react'

/** Icons of blocks on a 20 px grid, stroke 1.6, in the colour of the text around them; named in a definition's `icon`. */
const drawings: Record<string, ReactNode> = {
  database: (
    <>
      <ellipse cx="10" cy="5.2" rx="5.8" ry="2.2" />
      <path d="M4.2 5.2v9.6c0 1.2 2.6 2.2 5.8 2.2s5.8-1 5.8-2.2V5.2M4.2 10c0 1.2 2.6 2.2 5.8 2.2s5.8-1 5.8-2.2" />
    </>
  ),
  filter: <path d="M3.5 4.5h13l-5 6v4.6l-3 1.6v-6.2z" />,
  split: (
    <>
      <path d="M3.5 10H8c2.4 0 2.6-4.8 5-4.8h3M8 10h8M8 10c2.4 0 2.6 4.8 5 4.8h3" />
      <circle cx="3.6" cy="10" r=".6" fill="currentColor" />
    </>
  ),
  augment: (
    <>
      <path d="M6.5 6.5h8v8h-8z" />
      <path d="M3.5 11.5v-8h8M10.5 8.5v4M8.5 10.5h4" />
    </>
  ),
  'fine-tune': (
    <>
      <path d="M10 3.2v3M10 13.8v3M3.2 10h3M13.8 10h3M5.2 5.2l2.1 2.1M12.7 12.7l2.1 2.1M14.8 5.2l-2.1 2.1M7.3 12.7l-2.1 2.1" />
      <circle cx="10" cy="10" r="2.4" />
    </>
  ),
  evaluate: (
    <>
      <path d="M3.4 13.8a6.9 6.9 0 1 1 13.2 0" />
      <path d="m10 12.8 3-4.2" />
      <circle cx="10" cy="13" r="1.1" />
    </>
  ),
  deploy: (
    <>
      <path d="m10 3 6 3.3v7.2L10 17l-6-3.5V6.3z" />
      <path d="M4.2 6.4 10 9.7l5.8-3.3M10 9.7V17" />
    </>
  ),
  start: <path d="M6.5 4.6v10.8l9-5.4z" />,
  say: (
    <path d="M3.5 9c0-3 2.9-5.2 6.5-5.2s6.5 2.2 6.5 5.2-2.9 5.2-6.5 5.2c-.7 0-1.4-.1-2-.2l-3.2 1.9.6-3C4.2 11.9 3.5 10.5 3.5 9zM7.2 9h.1M10 9h.1M12.8 9h.1" />
  ),
  ask: (
    <>
      <path d="M3.5 9c0-3 2.9-5.2 6.5-5.2s6.5 2.2 6.5 5.2-2.9 5.2-6.5 5.2c-.7 0-1.4-.1-2-.2l-3.2 1.9.6-3C4.2 11.9 3.5 10.5 3.5 9z" />
      <path d="M8.5 7.7c.1-1 .8-1.5 1.6-1.5.9 0 1.6.6 1.6 1.4 0 1.2-1.6 1.2-1.6 2.3M10.1 11.5v.1" />
    </>
  ),
  intent: (
    <>
      <path d="M3.5 10c1.7-3.2 3.9-4.8 6.5-4.8s4.8 1.6 6.5 4.8c-1.7 3.2-3.9 4.8-6.5 4.8S5.2 13.2 3.5 10z" />
      <circle cx="10" cy="10" r="2.2" />
    </>
  ),
  condition: (
    <>
      <path d="m10 3.4 6.6 6.6-6.6 6.6L3.4 10z" />
      <path d="M8.5 8.5c.1-.9.7-1.4 1.5-1.4.9 0 1.5.5 1.5 1.3 0 1.1-1.5 1.1-1.5 2.1M10 12.3v.1" />
    </>
  ),
  'sub-dialog': <path d="M3.5 4.5h13v11h-13zM7 10h6M10.6 7.4 13.2 10l-2.6 2.6" />,
  set: <path d="M4 6.5h7M14 6.5h2M4 13.5h2M9 13.5h7M12.5 4.8v3.4M7.5 11.8v3.4" />,
  random: (
    <>
      <rect x="4" y="4" width="12" height="12" rx="2.5" />
      <path d="M7.5 7.5h.1M12.4 7.5h.1M9.95 10h.1M7.5 12.5h.1M12.4 12.5h.1" />
    </>
  ),
  loop: <path d="M16 10a6 6 0 1 1-1.8-4.3L16 7.4M16 3.8v3.6h-3.6M7.4 10h.1M10 10h.1M12.6 10h.1" />,
  'http-call': (
    <>
      <circle cx="10" cy="10" r="6.4" />
      <path d="M3.6 10h12.8M10 3.6c2.2 1.9 3 4 3 6.4s-.8 4.5-3 6.4c-2.2-1.9-3-4-3-6.4s.8-4.5 3-6.4z" />
    </>
  ),
  wait: (
    <>
      <circle cx="10" cy="10" r="6.4" />
      <path d="M10 6.4V10l2.6 1.7" />
    </>
  ),
  jump: (
    <>
      <path d="M3.4 12.4c1.2-5 7-6.8 11.2-2.8M15 5.2v4.4h-4.4" />
      <circle cx="15" cy="15" r="1.7" />
    </>
  ),
  entities: (
    <>
      <path d="M3.5 5.2h13M3.5 10h1.8M14.7 10h1.8M3.5 14.8h8" />
      <rect x="7.4" y="7.7" width="5.2" height="4.6" rx="1.2" />
    </>
  ),
  'hand-over': (
    <>
      <circle cx="7.6" cy="6.6" r="2.6" />
      <path d="M3 15.6c.3-3 2-4.6 4.6-4.6 1.2 0 2.2.3 3 1M12.5 14.5h4.3M14.8 12.4l2.1 2.1-2.1 2.1" />
    </>
  ),
  end: (
    <>
      <circle cx="10" cy="10" r="6.4" />
      <rect x="7.8" y="7.8" width="4.4" height="4.4" rx=".8" />
    </>
  ),
  knowledge: (
    <>
      <path d="M10 5.4C8.6 4.3 6.7 3.9 4 4v10.6c2.7-.1 4.6.3 6 1.4 1.4-1.1 3.3-1.5 6-1.4V4c-2.7-.1-4.6.3-6 1.4zM10 5.4V16" />
      <path d="M6.2 7.4c.6 0 1.1.1 1.6.3M12.2 7.7c.5-.2 1-.3 1.6-.3" />
    </>
  ),
  unknown: (
    <>
      <rect x="4" y="4" width="12" height="12" rx="2.5" strokeDasharray="2.5 2" />
      <path d="M8.5 8.5c.1-.9.7-1.4 1.5-1.4.9 0 1.5.5 1.5 1.3 0 1.1-1.5 1.1-1.5 2.1M10 12.8v.1" />
    </>
  ),
}

export const BlockIcon = memo(function BlockIcon({ name, size = 18 }: { name: string; size?: number }) {
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
      {drawings[name] ?? drawings.unknown}
    </svg>
  )
})
