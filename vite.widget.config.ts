import { defineConfig, type Plugin } from 'vite'

/** Vite puts a kilobyte around `import()` that hurries styles and modules along; there are none here. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : null),
}

/** The embeddable chat: a launcher of a few kilobytes and the panel that it loads on the first click. Not Vite's library mode, which keeps white space. */
export default defineConfig({
  publicDir: false,
  base: './',
  plugins: [plainImports],
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
