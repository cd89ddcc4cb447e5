import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { registry } from '#editor/document/registry.ts'
import { useTrace } from '#editor/simulator/use-trace.ts'
import { WhyTrace } from '#editor/simulator/why-trace.tsx'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import type { ChatDetail } from '#server/api/dto.ts'
import { ApiError, api } from '../api.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import styles from './log.module.css'

const PathDialog = lazy(async () => ({ default: (await import('./path-dialog.tsx')).PathDialog }))

/** Why the bot said this, with the blocks of the version that talked; a block leads to the canvas of that version. */
export function MessageWhy({ chat, message }: { chat: ChatDetail; message: string }) {
  const { t } = useTranslation('chats')
  const why = useTrace(chat.id, message)
  // A conversation may have gone on in another version since.
  const talked = why.data ? (why.data.version ?? chat.version) : null
  const version = talked ?? 0
  const [shown, setShown] = useState<{ block: string | null } | null>(null)
  const walked = useQuery({
    queryKey: keys.version(chat.bot.id, version),
    queryFn: () => api.version(chat.bot.id, version),
    enabled: talked !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const ports = useMemo(
    () => walked.data && createGraphView(walked.data.document, registry, walked.data.facts).portsOf,
    [walked.data],
  )
  if (why.error instanceof ApiError && why.error.status === 404) return <p className={styles.small}>{t('why.none')}</p>
  if (why.error) return <ErrorNotice error={why.error} onRetry={() => why.refetch()} />
  if (!why.data || walked.isLoading) return <div className="bl-skeleton" style={{ height: 120, width: '100%' }} />
  return (
    <InSight>
      <WhyTrace
        trace={why.data}
        conversation={chat.id}
        message={message}
        nodes={walked.data?.document.nodes ?? {}}
        outputsOf={(node) => ports?.(node).outputs ?? {}}
        effects={t('why.called')}
        onStep={(block) => setShown({ block })}
      />
      {walked.data && (
        <Button size="small" icon="target" onClick={() => setShown({ block: null })}>
          {t('path.show', { version })}
        </Button>
      )}
      {walked.data && shown && (
        <Suspense>
          <PathDialog
            bot={chat.bot.id}
            walked={walked.data}
            path={why.data.path}
            block={shown.block}
            onClose={() => setShown(null)}
          />
        </Suspense>
      )}
    </InSight>
  )
}

/** What opens below the last line would open out of sight. */
function InSight({ children }: { children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void element.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div ref={element} className={styles.why}>
      {children}
    </div>
  )
}
