/** The geometry of a matrix: metrics by name, their values of a matrix, and their values of noise. */
export { DEFAULT_METRICS, METRICS, metricSeries, splitSeries, type MetricInfo, type MetricName } from './catalogue.js';
export { gaussianNull } from './gaussian-null.js';
export { measure, type Context } from './measure.js';
export { type Matrix, type Measured } from './matrix.js';
