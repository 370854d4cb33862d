namespace MetSeg.Simulation;

/// <summary>The scanner's magnet.</summary>
public enum FieldStrength
{
    /// <summary>1.5 tesla.</summary>
    Tesla1_5,

    /// <summary>3 tesla.</summary>
    Tesla3,
}
