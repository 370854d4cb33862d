namespace MetSeg.Simulation;

/// <summary>One scan to be simulated.</summary>
/// <param name="Id">The case, such as "ucsf_0007".</param>
/// <param name="Institution">Where it is made.</param>
/// <param name="Patient">Number of the patient at the institution, from 1.</param>
/// <param name="Visit">1, or 2 for the second scan of the patient.</param>
/// <param name="IsTest">Whether it is a test case.</param>
internal sealed record PlannedScan(string Id, Institution Institution, int Patient, int Visit, bool IsTest)
{
    /// <summary>The patient's pseudonym, such as "ucsf-p005".</summary>
    public string PatientId => $"{Institution.Name}-p{Patient:000}";
}
