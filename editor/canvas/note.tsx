import { type NodeProps, useStoreApi } from '@xyflow/react'
import { memo, type PointerEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Size } from '#editor/document/boxes.ts'
import { noteItem, toItem } from '#editor/document/item-id.ts'
import { longestNote, noteSize, resizeNote, writeNote } from '#editor/document/notes.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import './annotations.css'
import { canvasState, focusItem, useCanvasState, useFound } from './control.ts'

/** A sticky note: plain text that people leave for each other. Its lower right corner makes it larger. */
export const Note = memo(function Note({ id: item }: NodeProps) {
  const { id } = toItem(item)
  const note = useDraft((state) => state.document.view.notes[id])
  return note ? <NoteCard note={note} /> : null
})

function NoteCard({ note }: { note: GraphDocument['view']['notes'][string] }) {
  const { t } = useTranslation('canvas')
  const item = noteItem(note.id)
  const editing = useCanvasState((state) => state.editing === item)
  const found = useFound(item)
  const [drawn, setDrawn] = useState<Size | null>(null)
  const { width, height } = drawn ?? note.size
  return (
    <div className="bl-note" data-found={found} style={{ width, height }}>
      <span id={`bl-say-${item}`} className="bl-sr-only">
        {t('say.note', { text: note.text || t('note.empty') })}
      </span>
      {editing ? (
        <NoteText id={note.id} text={note.text} />
      ) : (
        <p className={`bl-note__text ${note.text === '' ? 'bl-note__text--empty' : ''}`} aria-hidden="true">
          {note.text || t('note.empty')}
        </p>
      )}
      <Grip note={note.id} size={note.size} onDraw={setDrawn} />
    </div>
  )
}

function NoteText({ id, text }: { id: string; text: string }) {
  const { t } = useTranslation('canvas')
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    // The node around it gets the focus in the same moment as it is picked.
    const frame = requestAnimationFrame(() => {
      const { current } = field
      current?.focus({ preventScroll: true })
      current?.setSelectionRange(current.value.length, current.value.length)
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <textarea
      ref={field}
      className="bl-note__field nodrag nopan nowheel"
      value={text}
      maxLength={longestNote}
      aria-label={t('note.text')}
      placeholder={t('note.hint')}
      onChange={(event) =>
        draft.commit((document) => writeNote(document, id, event.target.value), {
          label: 'note-text',
          merge: `note ${id}`,
        })
      }
      onBlur={() => canvasState.setState({ editing: null })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.stopPropagation()
        canvasState.setState({ editing: null })
        focusItem(noteItem(id))
      }}
    />
  )
}

/** The corner to drag. The note is drawn as it will be and written once, when it is let go of. */
function Grip({ note, size, onDraw }: { note: string; size: Size; onDraw: (size: Size | null) => void }) {
  const flow = useStoreApi()
  const start = useRef<{ x: number; y: number } | null>(null)
  const sizeAt = (event: PointerEvent, from: { x: number; y: number }): Size => {
    const zoom = flow.getState().transform[2]
    return noteSize({
      width: size.width + (event.clientX - from.x) / zoom,
      height: size.height + (event.clientY - from.y) / zoom,
    })
  }
  return (
    <span
      className="bl-note__grip nodrag nopan"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, y: event.clientY }
      }}
      onPointerMove={(event) => start.current && onDraw(sizeAt(event, start.current))}
      onPointerUp={(event) => {
        if (!start.current) return
        const next = sizeAt(event, start.current)
        start.current = null
        draft.commit((document) => resizeNote(document, note, next), { label: 'note-size' })
        onDraw(null)
      }}
      onPointerCancel={() => {
        start.current = null
        onDraw(null)
      }}
    />
  )
}
