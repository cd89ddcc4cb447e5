import type { ReactNode } from 'react'
import { Icon } from '#editor/app/ui/icons.tsx'
import { setFold, useFold } from './folds.ts'

/** A part of a form under its heading. `forced` shows it whatever the person chose: something in it must be seen. */
export function Fold({
  name,
  title,
  openAtFirst,
  forced,
  children,
}: {
  name: string
  title: string
  openAtFirst: boolean
  forced: boolean
  children: ReactNode
}) {
  const open = useFold(name, openAtFirst) || forced
  return (
    <section className="bl-insp-group">
      <h3>
        <button type="button" className="bl-insp-fold" aria-expanded={open} onClick={() => setFold(name, !open)}>
          <Icon name={open ? 'down' : 'right'} size={16} />
          {title}
        </button>
      </h3>
      {open && children}
    </section>
  )
}
