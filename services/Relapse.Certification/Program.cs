using Relapse.Clinical;

// Writes the certificates of the shipped versions to the file that is named. A fault of a version fails the build.
var file = args[0];
try
{
    var library = ProtocolLibrary.Load(ShippedCertificates.None("this is where they are made"), ProtocolLibrary.Open);
    var content = ShippedCertificates.Write(library.Versions, EngineIdentity.Current);
    var believed = ProtocolLibrary.Load(ShippedCertificates.Of(content, EngineIdentity.Current), ProtocolLibrary.Open);
    if (!believed.CertifiedInFull.IsEmpty || !content.AsSpan().SequenceEqual(ShippedCertificates.Write(believed.Versions, EngineIdentity.Current)))
    {
        Console.Error.WriteLine("relapse : error CERTIFY: what was written is not read back as it was.");
        return 1;
    }

    File.WriteAllBytes(file, content);
    return 0;
}
catch (ProtocolLibraryException refused)
{
    foreach (var fault in refused.Faults)
    {
        Console.Error.WriteLine($"relapse : error CERTIFY: {fault}");
    }

    return 1;
}
