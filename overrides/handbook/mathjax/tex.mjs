// TeX as the handbook accepts it: LaTeX's base, AMS, mathtools and \boldsymbol. Unknown macros and characters are errors
// (MathJax's `noundefined` and `noerrors` are left out), color is too: it would not follow the reader's scheme.

import { liteAdaptor } from '@mathjax/src/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/js/handlers/html.js';
import { TeX } from '@mathjax/src/js/input/tex.js';
import '@mathjax/src/js/input/tex/ams/AmsConfiguration.js';
import '@mathjax/src/js/input/tex/base/BaseConfiguration.js';
import '@mathjax/src/js/input/tex/boldsymbol/BoldsymbolConfiguration.js';
import '@mathjax/src/js/input/tex/mathtools/MathtoolsConfiguration.js';

export const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);

export const input = () =>
  new TeX({
    packages: ['base', 'ams', 'boldsymbol', 'mathtools'],
    tags: 'none',
    formatError: (_, error) => {
      throw error;
    },
  });
