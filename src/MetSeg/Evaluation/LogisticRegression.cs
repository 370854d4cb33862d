using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace MetSeg.Evaluation;

/// <summary>
/// Multinomial logistic regression, one weight vector and one intercept per class: minimizes ½‖W‖² + C · Σ cross-entropy, intercepts free,
/// which is what scikit-learn's LogisticRegression (lbfgs, L2) minimizes. Features are standardized on the training samples.
/// </summary>
internal sealed class LogisticRegression
{
    private readonly Standardization standardization;
    private readonly double[] parameters;
    private readonly int classes;

    private LogisticRegression(Standardization standardization, double[] parameters, int classes)
    {
        (this.standardization, this.parameters, this.classes) = (standardization, parameters, classes);
    }

    /// <summary>The value of the objective at the fit.</summary>
    public double Objective { get; private init; }

    /// <summary>Fits the weights.</summary>
    /// <param name="features">One row per sample, equally long.</param>
    /// <param name="labels">The class of each sample, from 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="c">Weight of the data against the L2 penalty.</param>
    public static LogisticRegression Fit(IReadOnlyList<double[]> features, IReadOnlyList<int> labels, int classes, double c = 1)
    {
        var standardization = Standardization.Fit(features);
        var rows = features.Select(standardization.Apply).ToArray();
        var objective = ObjectiveFunction.Gradient(point =>
        {
            var (value, gradient) = Evaluate(rows, labels, c, point.AsArray() ?? point.ToArray(), classes);
            return (value, Vector<double>.Build.Dense(gradient));
        });
        var start = Vector<double>.Build.Dense(classes * (standardization.Length + 1));
        var minimum = new LimitedMemoryBfgsMinimizer(1e-6, 1e-12, 1e-14, memory: 10, maximumIterations: 2000).FindMinimum(objective, start);
        return new LogisticRegression(standardization, minimum.MinimizingPoint.ToArray(), classes)
        {
            Objective = minimum.FunctionInfoAtMinimum.Value,
        };
    }

    /// <summary>The weights of a class for standardized features, then its intercept; only differences of intercepts are determined.</summary>
    public ReadOnlySpan<double> WeightsOf(int label) => parameters.AsSpan(label * (standardization.Length + 1), standardization.Length + 1);

    /// <summary>The probability of each class.</summary>
    public double[] Probabilities(double[] sample)
    {
        var scores = new double[classes];
        Scores(standardization.Apply(sample), parameters, scores);
        SoftMax(scores);
        return scores;
    }

    /// <summary>The most probable class; the first of equals.</summary>
    public int Predict(double[] sample)
    {
        var probabilities = Probabilities(sample);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    private static (double Value, double[] Gradient) Evaluate(
        double[][] rows, IReadOnlyList<int> labels, double c, double[] parameters, int classes)
    {
        var width = rows[0].Length + 1;
        var (value, gradient) = (0.0, new double[parameters.Length]);
        for (var k = 0; k < parameters.Length; k++)
        {
            gradient[k] = k % width == width - 1 ? 0 : parameters[k];
            value += 0.5 * gradient[k] * gradient[k];
        }

        var scores = new double[classes];
        for (var i = 0; i < rows.Length; i++)
        {
            Scores(rows[i], parameters, scores);
            SoftMax(scores);
            value -= c * Math.Log(Math.Max(scores[labels[i]], double.Epsilon));
            for (var label = 0; label < classes; label++)
            {
                var residual = c * (scores[label] - (label == labels[i] ? 1 : 0));
                var part = gradient.AsSpan(label * width, width);
                for (var j = 0; j < rows[i].Length; j++)
                {
                    part[j] += residual * rows[i][j];
                }

                part[^1] += residual;
            }
        }

        return (value, gradient);
    }

    private static void Scores(double[] row, double[] parameters, double[] scores)
    {
        var width = row.Length + 1;
        for (var label = 0; label < scores.Length; label++)
        {
            var weights = parameters.AsSpan(label * width, width);
            scores[label] = weights[^1];
            for (var j = 0; j < row.Length; j++)
            {
                scores[label] += weights[j] * row[j];
            }
        }
    }

    private static void SoftMax(double[] scores)
    {
        var largest = scores.Max();
        for (var label = 0; label < scores.Length; label++)
        {
            scores[label] = Math.Exp(scores[label] - largest);
        }

        var sum = scores.Sum();
        for (var label = 0; label < scores.Length; label++)
        {
            scores[label] /= sum;
        }
    }
}
