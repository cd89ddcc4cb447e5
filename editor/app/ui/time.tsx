import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fullTime, relativeTime } from './words.ts'

/** A relative time that keeps up with the clock; the absolute one on hover. */
export function Time({ iso }: { iso: string }) {
  useTranslation()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={iso} title={fullTime(iso)}>
      {relativeTime(iso, now)}
    </time>
  )
}
