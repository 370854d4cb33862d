using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>A patient on a fine voxel grid: tissues, which metastasis a voxel belongs to, and what a brain extraction would keep.</summary>
public sealed class Phantom
{
    private const float BrainMarginMm = 1.5f;
    private readonly byte[] tissues;
    private readonly byte[] lesionNumbers;
    private readonly byte[] brain;
    private readonly Anatomy anatomy;
    private readonly Pose pose;

    private Phantom(Anatomy anatomy, IReadOnlyList<Lesion> lesions, Pose pose, Grid grid)
    {
        (this.anatomy, this.pose) = (anatomy, pose);
        (tissues, lesionNumbers, brain) = (new byte[grid.Size.Count], new byte[grid.Size.Count], new byte[grid.Size.Count]);
        Metastases = lesions;
        Tissues = new LabelMap(grid, tissues);
        LesionNumbers = new LabelMap(grid, lesionNumbers);
        Brain = new LabelMap(grid, brain);
    }

    /// <summary>The metastases.</summary>
    public IReadOnlyList<Lesion> Metastases { get; }

    /// <summary>The <see cref="Tissue"/> of each voxel.</summary>
    public LabelMap Tissues { get; }

    /// <summary>1 and up: place in <see cref="Metastases"/> plus 1 of the metastasis that the voxel belongs to (rim or core); 0 for none.</summary>
    public LabelMap LesionNumbers { get; }

    /// <summary>1 in the brain and up to 1.5 mm around it, else 0.</summary>
    public LabelMap Brain { get; }

    /// <summary>Puts a patient onto a grid. A voxel is what is at its center; a metastasis has at least the voxel at its own center.</summary>
    /// <param name="anatomy">The patient.</param>
    /// <param name="lesions">The metastases, at most 255.</param>
    /// <param name="pose">How the head lies.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 255 metastases.</exception>
    public static Phantom Render(Anatomy anatomy, IReadOnlyList<Lesion> lesions, Pose pose, Grid grid)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lesions.Count, byte.MaxValue);
        var phantom = new Phantom(anatomy, lesions, pose, grid);
        phantom.PaintAnatomy();
        phantom.PaintTubes(anatomy.ChoroidPlexus, Tissue.ChoroidPlexus, tissue => tissue == (byte)Tissue.CerebrospinalFluid);
        phantom.PaintTubes(anatomy.Vessels, Tissue.Vessel, tissue => tissue is not (byte)Tissue.Air and not (byte)Tissue.ChoroidPlexus);
        phantom.PaintEdema();
        phantom.PaintLesions();
        return phantom;
    }

    private void PaintAnatomy()
    {
        var (grid, size) = (Tissues.Grid, Tissues.Grid.Size);
        var perVoxel = (float)(1 / grid.Spacing.X);
        Parallel.For(0, size.Y * size.Z, row =>
        {
            var (y, z) = (row % size.Y, row / size.Y);
            var (start, step) = (HeadPoint(grid, 0, y, z), HeadPoint(grid, 1, y, z) - HeadPoint(grid, 0, y, z));
            for (var x = 0; x < size.X;)
            {
                var point = anatomy.Look(pose.IsRigid ? start + (x * step) : HeadPoint(grid, x, y, z));
                var count = Math.Min(1 + (int)(Math.Clamp(point.Clearance, 0, 200) * perVoxel), size.X - x);
                tissues.AsSpan(size.Index(x, y, z), count).Fill((byte)point.Tissue);
                brain.AsSpan(size.Index(x, y, z), count).Fill((byte)(point.Depth > -BrainMarginMm ? 1 : 0));
                x += count;
            }
        });
    }

    /// <summary>Vessels thinner than the grid can show are drawn just thick enough not to fall apart.</summary>
    private void PaintTubes(IEnumerable<Tube> tubes, Tissue tissue, Func<byte, bool> isAllowed)
    {
        var spacing = Tissues.Grid.Spacing;
        var thinnest = 0.6f * (float)Math.Max(spacing.X, Math.Max(spacing.Y, spacing.Z));
        Parallel.ForEach(tubes.SelectMany(tube => tube.Pieces), piece =>
        {
            var (fromRadius, toRadius) = (MathF.Max(piece.FromRadius, thinnest), MathF.Max(piece.ToRadius, thinnest));
            var reach = ((piece.To - piece.From).Length() / 2) + MathF.Max(fromRadius, toRadius);
            ForEachNear((piece.From + piece.To) / 2, reach, (index, point) =>
            {
                if (isAllowed(tissues[index]) && Tube.Distance(point, piece.From, piece.To, fromRadius, toRadius) < 0)
                {
                    tissues[index] = (byte)tissue;
                }
            });
        });
    }

    private void PaintEdema()
    {
        foreach (var lesion in Metastases.Where(lesion => lesion.EdemaMm > 0))
        {
            ForEachNear(lesion.Center, lesion.ReachMm, (index, point) =>
            {
                if (tissues[index] == (byte)Tissue.WhiteMatter && lesion.Depth(point) > -lesion.EdemaMm)
                {
                    tissues[index] = (byte)Tissue.Edema;
                }
            });
        }
    }

    private void PaintLesions()
    {
        for (var i = 0; i < Metastases.Count; i++)
        {
            var (lesion, number) = (Metastases[i], (byte)(i + 1));
            ForEachNear(lesion.Center, lesion.ReachMm, (index, point) =>
            {
                var depth = lesion.Depth(point);
                if (depth > 0 && brain[index] != 0)
                {
                    tissues[index] = (byte)(depth > lesion.RimMm ? lesion.Core : Tissue.MetastasisRim);
                    lesionNumbers[index] = number;
                }
            });
            PaintCenter(lesion, number);
        }
    }

    private void PaintCenter(Lesion lesion, byte number)
    {
        var (x, y, z) = VoxelOf(lesion.Center);
        if (Tissues.Grid.Size.Contains((int)MathF.Round(x), (int)MathF.Round(y), (int)MathF.Round(z)))
        {
            var index = Tissues.Grid.Size.Index((int)MathF.Round(x), (int)MathF.Round(y), (int)MathF.Round(z));
            if (lesionNumbers[index] == 0)
            {
                (tissues[index], lesionNumbers[index]) = ((byte)Tissue.MetastasisRim, number);
            }
        }
    }

    /// <summary>The voxels of a coarser grid in which a vessel of the brain has one of its bends.</summary>
    internal IReadOnlyList<int> VesselVoxels(Grid grid)
    {
        var toCoarse = grid.ToWorld.Inverse();
        var voxels = new HashSet<int>();
        foreach (var piece in anatomy.Vessels.SelectMany(tube => tube.Pieces))
        {
            var world = pose.ToWorld(piece.From);
            var (x, y, z) = toCoarse.Apply(world.X, world.Y, world.Z);
            var (cx, cy, cz) = ((int)Math.Round(x), (int)Math.Round(y), (int)Math.Round(z));
            if (grid.Size.Contains(cx, cy, cz) && anatomy.Look(piece.From).Depth > 0)
            {
                voxels.Add(grid.Size.Index(cx, cy, cz));
            }
        }

        return [.. voxels.Order()];
    }

    /// <summary>For each metastasis the voxels of a coarser grid that hold the centers of its fine voxels.</summary>
    internal IReadOnlyList<List<int>> VoxelsOfLesions(Grid grid)
    {
        var toCoarse = grid.ToWorld.Inverse().After(Tissues.Grid.ToWorld);
        return [.. Metastases.Select((lesion, i) =>
        {
            var voxels = new HashSet<int>();
            ForEachNear(lesion.Center, lesion.ReachMm, (index, _) =>
            {
                if (lesionNumbers[index] == i + 1)
                {
                    var size = Tissues.Grid.Size;
                    var (x, y, z) = toCoarse.Apply(index % size.X, index / size.X % size.Y, index / (size.X * size.Y));
                    var (cx, cy, cz) = ((int)Math.Round(x), (int)Math.Round(y), (int)Math.Round(z));
                    if (grid.Size.Contains(cx, cy, cz))
                    {
                        voxels.Add(grid.Size.Index(cx, cy, cz));
                    }
                }
            });
            return voxels.Order().ToList();
        })];
    }

    /// <summary>Visits the voxels of the box around a ball; the action gets the voxel's place in the arrays and its head coordinates.</summary>
    private void ForEachNear(Vector3 center, float reachMm, Action<int, Vector3> visit)
    {
        var (grid, size, spacing) = (Tissues.Grid, Tissues.Grid.Size, Tissues.Grid.Spacing);
        var (cx, cy, cz) = VoxelOf(center);
        var (rx, ry, rz) = ((float)(reachMm / spacing.X), (float)(reachMm / spacing.Y), (float)(reachMm / spacing.Z));
        for (var z = Math.Max((int)(cz - rz), 0); z <= Math.Min((int)(cz + rz + 1), size.Z - 1); z++)
        {
            for (var y = Math.Max((int)(cy - ry), 0); y <= Math.Min((int)(cy + ry + 1), size.Y - 1); y++)
            {
                for (var x = Math.Max((int)(cx - rx), 0); x <= Math.Min((int)(cx + rx + 1), size.X - 1); x++)
                {
                    visit(size.Index(x, y, z), HeadPoint(grid, x, y, z));
                }
            }
        }
    }

    private Vector3 HeadPoint(Grid grid, int x, int y, int z)
    {
        var (wx, wy, wz) = grid.ToWorld.Apply(x, y, z);
        return pose.ToHead(new Vector3((float)wx, (float)wy, (float)wz));
    }

    private (float X, float Y, float Z) VoxelOf(Vector3 head)
    {
        var world = pose.ToWorld(head);
        var (x, y, z) = Tissues.Grid.ToWorld.Inverse().Apply(world.X, world.Y, world.Z);
        return ((float)x, (float)y, (float)z);
    }
}
