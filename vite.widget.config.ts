import { defineConfig } from 'vite'

/** The embeddable chat: a launcher of a few kilobytes and the panel that it loads on the first click. Not Vite's library mode, which keeps white space. */
export default defineConfig({
  publicDir: false,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist/widget',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: { widget: 'editor/widget/launcher.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'widget-[name]-[hash].js' },
    },
  },
})
