import { useQuery } from '@tanstack/react-query'
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PickList } from '#editor/canvas/pick-list.tsx'
import { Popover } from '#editor/canvas/popover.tsx'
import type { ChatDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { CannedDialog } from './canned-dialog.tsx'
import styles from './composer.module.css'
import { fillCanned } from './fill-canned.ts'

/** As high as the style sheet says. */
const height = 320

/** Prepared answers over the box to write in: search, pick, and the way to change them. */
export function CannedPicker({
  chat,
  above,
  onPick,
  onClose,
}: {
  chat: ChatDetail
  above: RefObject<HTMLElement | null>
  onPick: (words: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation('chats')
  const replies = useQuery({ queryKey: keys.canned, queryFn: api.cannedReplies })
  const [isManaging, setManaging] = useState(false)
  const at = useMemo(() => {
    const box = above.current?.getBoundingClientRect()
    return { x: box?.left ?? 0, y: (box?.top ?? 0) - height - 8 }
  }, [above])
  // The popover gives the focus back whenever it is handed another one.
  const newest = useRef(onClose)
  newest.current = onClose
  const close = useCallback(() => newest.current(), [])
  const list = replies.data ?? []
  if (isManaging) return <CannedDialog replies={list} onClose={() => setManaging(false)} />
  return (
    <Popover at={at} label={t('canned')} className={styles.canned} onClose={close}>
      <PickList
        items={list.map(({ id, title, text }) => ({
          key: id,
          title,
          detail: fillCanned(text, chat),
          group: t('canned'),
        }))}
        hint={t('canned.search')}
        empty={t(replies.data && list.length === 0 ? 'canned.empty' : 'canned.none')}
        onPick={(id) => onPick(fillCanned(list.find((one) => one.id === id)?.text ?? '', chat))}
      />
      <Button size="small" variant="plain" icon="pencil" onClick={() => setManaging(true)}>
        {t('canned.manage')}
      </Button>
    </Popover>
  )
}
