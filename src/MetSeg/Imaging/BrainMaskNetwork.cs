using System.Runtime.InteropServices;
using MetSeg.Files;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MetSeg.Imaging;

/// <summary>Finds the brain with a network that the user brings, such as SynthStrip, on the CPU.</summary>
public sealed class BrainMaskNetwork : IDisposable
{
    private readonly string path;
    private readonly BrainMaskModel model;
    private readonly InferenceSession session;
    private readonly string input;
    private readonly int[] fixedEdges;

    private BrainMaskNetwork(string path, BrainMaskModel model, InferenceSession session)
    {
        (this.path, this.model, this.session) = (path, model, session);
        (input, var shape) = session.InputMetadata is { Count: 1 } inputs && inputs.First() is var (name, data) && data.Dimensions.Length == 5
            && data.ElementType == typeof(float)
            ? (name, data.Dimensions)
            : throw Unfit("it must take one input of floats [1, 1, A, B, C]");
        fixedEdges = shape[2..];
    }

    /// <summary>Opens a model and, where there is one, its description MODEL.json beside it.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <exception cref="MetSegException">The file is missing, is no ONNX model, or takes another input.</exception>
    /// <exception cref="OptionsException">The description cannot work.</exception>
    public static BrainMaskNetwork Open(string path)
    {
        var description = Path.ChangeExtension(path, ".json");
        var model = File.Exists(description) ? JsonFile.Read<BrainMaskModel>(description, JsonFile.OwnStyle) : BrainMaskModel.SynthStrip;
        OptionsException.ThrowIfAny($"'{description}'", model.Problems());
        if (!File.Exists(path))
        {
            throw new MetSegException($"There is no brain mask model '{path}'. Paths count from '{Environment.CurrentDirectory}'.");
        }

        InferenceSession? session = null;
        try
        {
            session = new InferenceSession(path);
            return new BrainMaskNetwork(path, model, session);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new MetSegException($"Cannot read '{path}' as an ONNX model: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>The brain: 1 inside, 0 outside, on the image's grid; one piece without holes.</summary>
    /// <param name="image">A head in any orientation.</param>
    /// <exception cref="MetSegException">The network failed, gave another shape, or found nothing.</exception>
    public LabelMap Find(Volume image)
    {
        // Tensors run over their last axis first, volumes over their first: the code is read backwards.
        var turned = Orientation.To(image, string.Concat(model.Orientation.Reverse()));
        var grid = InputGrid(Resampler.Regrid(turned.Grid, new Spacing(model.SpacingMm, model.SpacingMm, model.SpacingMm)));
        var output = Run(Scaled(Resampler.Resample(turned, grid, outside: turned.Voxels.Min())));
        var isDistance = model.Output == BrainMaskOutput.Distance;
        var far = isDistance ? float.MaxValue / 4 : float.MinValue / 4;
        var values = Resampler.Resample(new Volume(grid, output), image.Grid, outside: far);
        var mask = new LabelMap(image.Grid, [.. values.Voxels.Select(value =>
            (isDistance ? value < model.Threshold : value > model.Threshold) ? (byte)1 : (byte)0)]);
        var pieces = Components.Find(mask, connectivity: 6);
        return pieces.Items.MaxBy(piece => piece.Voxels) is { } largest
            ? Morphology.FillHoles(pieces.Keep(image.Grid, piece => piece == largest))
            : throw new MetSegException($"The brain mask model '{path}' found no brain. Check the image's orientation and the model's description.");
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    /// <summary>The grid padded or cut around its middle to edges that the network takes.</summary>
    private Grid InputGrid(Grid grid)
    {
        var edges = grid.Size.ToArray();
        var wanted = Enumerable.Range(0, 3).Select(axis => fixedEdges[2 - axis] > 0 ? fixedEdges[2 - axis] : model.EdgeFor(edges[axis])).ToArray();
        double Shift(int axis) => Math.Floor((edges[axis] - wanted[axis]) / 2.0);
        return new Grid(
            new Size(wanted[0], wanted[1], wanted[2]), grid.ToWorld.After(new Affine(1, 0, 0, Shift(0), 0, 1, 0, Shift(1), 0, 0, 1, Shift(2))));
    }

    private Volume Scaled(Volume volume)
    {
        if (model.Scaling == BrainMaskScaling.ZScore)
        {
            return IntensityNormalization.ZScore(volume);
        }

        var least = volume.Voxels.Min();
        var most = (float)Percentiles.Compute(volume, null, 99)[0];
        var range = most > least ? most - least : 1;
        return volume.Map(value => Math.Clamp((value - least) / range, 0, 1));
    }

    private float[] Run(Volume volume)
    {
        var size = volume.Grid.Size;
        int[] shape = [1, 1, size.Z, size.Y, size.X];
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        try
        {
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(voxels, shape))]);
            return results[0].Value is DenseTensor<float> output && output.Dimensions.SequenceEqual(shape)
                ? output.Buffer.ToArray()
                : throw Unfit($"for an input of [{string.Join(", ", shape)}] it must give floats of the same shape");
        }
        catch (OnnxRuntimeException exception)
        {
            throw new MetSegException($"The brain mask model '{path}' failed: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private MetSegException Unfit(string what) => new($"'{path}' is no brain mask model: {what}. See docs/brain-mask.md.");
}
