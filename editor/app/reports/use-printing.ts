import { type RefObject, useEffect } from 'react'

/** Opens everything that is folded away while the page is on its way to paper, and folds it again behind. */
export function usePrinting(page: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const paper = matchMedia('print')
    let opened: HTMLDetailsElement[] = []
    const open = () => {
      const folded = [...(page.current?.querySelectorAll<HTMLDetailsElement>('details:not([open])') ?? [])]
      for (const one of folded) one.open = true
      opened.push(...folded)
    }
    const fold = () => {
      for (const one of opened) one.open = false
      opened = []
    }
    const turn = () => (paper.matches ? open() : fold())
    if (paper.matches) open()
    // Not every browser tells of both.
    paper.addEventListener('change', turn)
    window.addEventListener('beforeprint', open)
    window.addEventListener('afterprint', turn)
    return () => {
      paper.removeEventListener('change', turn)
      window.removeEventListener('beforeprint', open)
      window.removeEventListener('afterprint', turn)
      fold()
    }
  }, [page])
}
