import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { restoreDocument } from '#editor/document/restore.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { showError, showToast } from '../ui/toast.tsx'

/** Makes the draft what a version was, as one step that can be undone. */
export function useRestore(bot: string): { ready: boolean; perform: (version: number) => Promise<void> } {
  const { t } = useTranslation('versions')
  const navigate = useNavigate()
  const ready = useDraft((state) => state.phase === 'open')
  return {
    ready,
    async perform(version) {
      try {
        const found = await queryClient.fetchQuery({
          queryKey: keys.version(bot, version),
          queryFn: () => api.version(bot, version),
          staleTime: Number.POSITIVE_INFINITY,
        })
        const diff = draft.commit((document) => restoreDocument(document, found.document), {
          label: 'restore',
          allowLargeRemoval: true,
        })
        if (!diff) {
          showToast(t('restore.same', { version }))
          return
        }
        navigate(`/bots/${bot}/canvas`)
        showToast(t('restore.done', { version }), { label: t('restore.undo'), perform: () => draft.undo() })
      } catch (error) {
        showError(error)
      }
    },
  }
}
