import { autocompletion, type Completion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap } from '@codemirror/commands'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { Annotation, Compartment, EditorState, type Range } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, keymap, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import i18next from 'i18next'
import { type RefObject, useEffect, useRef } from 'react'
import { expressionFunctions, functionNames } from '#runtime/conditions/expression/functions.ts'
import { constants, type ExpressionProblem } from '#runtime/conditions/expression/parse-expression.ts'
import { type Token, toTokens } from '#runtime/conditions/expression/tokens.ts'

export interface KnownName {
  name: string
  detail: string
}

/** A change that came from the document: an undo, somebody else's. */
const fromOutside = Annotation.define<boolean>()

/**
 * The field itself: CodeMirror, with completion of names and functions and the wrong piece marked. It keeps no history of
 * its own: undo is the draft's. Tab leaves it, as it leaves any field.
 */
export function ExpressionEditor({
  id,
  label,
  describedBy,
  value,
  problem,
  names,
  longest,
  held,
  onChange,
}: {
  id: string
  label: string
  describedBy: string | undefined
  value: string
  problem: ExpressionProblem | null
  names: readonly KnownName[]
  longest: number | undefined
  /** Whether the focus was in its place before it was there. */
  held: RefObject<boolean>
  onChange: (value: string) => void
}) {
  const root = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const attributes = useRef(new Compartment())
  // The editor lives through many renders and asks for the newest of these.
  const now = useRef({ names, onChange })
  now.current = { names, onChange }

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes later is dispatched below
  useEffect(() => {
    const editor = new EditorView({
      parent: root.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.lineWrapping,
          colours,
          autocompletion({ override: [(context) => complete(context, now.current.names)], icons: false }),
          keymap.of([...completionKeymap, ...defaultKeymap]),
          longest === undefined
            ? []
            : EditorState.changeFilter.of((change) => change.newDoc.length <= longest || !change.docChanged),
          EditorView.updateListener.of((update) => {
            const text = update.state.doc.toString()
            if (update.docChanged && update.transactions.some((one) => one.annotation(fromOutside) !== true))
              now.current.onChange(text)
          }),
          attributes.current.of([]),
        ],
      }),
    })
    view.current = editor
    if (held.current) editor.focus()
    return () => editor.destroy()
  }, [])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      annotations: fromOutside.of(true),
    })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    editor.dispatch({
      effects: attributes.current.reconfigure(
        EditorView.contentAttributes.of({
          id,
          'aria-label': label,
          'aria-invalid': String(problem !== null),
          ...(describedBy ? { 'aria-describedby': describedBy } : {}),
        }),
      ),
    })
    editor.dispatch(setDiagnostics(editor.state, problem ? [marked(problem, editor.state.doc.length)] : []))
  }, [id, label, describedBy, problem])

  return <div ref={root} className="bl-expression__field" />
}

function marked(problem: ExpressionProblem, length: number): Diagnostic {
  const to = Math.min(problem.end, length)
  return { from: Math.min(problem.start, to), to, severity: 'error', message: '' }
}

const word = /[\p{L}_][\p{L}\p{N}_]*/u
const afterDot = /\.[\p{L}\p{N}_]*/u

/** What can stand here: after a dot the methods, elsewhere names, functions and the words of the language. */
function complete(context: CompletionContext, names: readonly KnownName[]) {
  const method = context.matchBefore(afterDot)
  const typed = method ?? context.matchBefore(word)
  if (!typed && !context.explicit) return null
  const form = method ? 'method' : 'call'
  const functions = functionNames.filter((name) => expressionFunctions[name].form === form).map(functionOption)
  const from = method ? method.from + 1 : (typed?.from ?? context.pos)
  if (method) return { from, options: functions, validFor: word }
  const own: Completion[] = names.map(({ name, detail }) => ({ label: name, detail, type: 'variable', boost: 2 }))
  const words: Completion[] = Object.keys(constants).map((label) => ({ label, type: 'keyword', boost: -1 }))
  return { from, options: [...own, ...functions, ...words], validFor: word }
}

/** A function with its brackets, the caret where the next thing is written. */
function functionOption(name: (typeof functionNames)[number]): Completion {
  const { form, arguments: count } = expressionFunctions[name]
  const inside = count > (form === 'method' ? 1 : 0)
  const quotes = form === 'method' ? '""' : ''
  return {
    label: name,
    type: 'function',
    detail: i18next.t(`function.${name}`, { ns: 'inspector' }),
    apply: (view, _, from, to) =>
      view.dispatch({
        changes: { from, to, insert: `${name}(${quotes})` },
        selection: { anchor: from + name.length + 1 + (inside ? quotes.length / 2 : 1) },
        userEvent: 'input.complete',
      }),
  }
}

const classOf = (token: Token, next: Token | undefined): string => {
  if (token.kind !== 'name') return `bl-x-${token.kind}`
  if (Object.hasOwn(constants, token.source) || token.source === 'in') return 'bl-x-word'
  return next?.source === '(' ? 'bl-x-function' : 'bl-x-name'
}

function colour(state: EditorState): DecorationSet {
  const tokens = toTokens(state.doc.toString())
  const marks: Range<Decoration>[] = tokens.map((token, index) =>
    Decoration.mark({ class: classOf(token, tokens[index + 1]) }).range(token.start, token.end),
  )
  return Decoration.set(marks)
}

const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = colour(view.state)
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = colour(update.state)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)
