using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Answers;

/// <summary>The keyed digest of a stream: that of its opening, without its id, with all donors in it, as one request would have them. It is
/// made as they come, so that none is kept for it: in a message fields stand in the order of their numbers, the recipient's before the donors'
/// and all others after.</summary>
internal sealed class StreamDigest : IDisposable
{
    private readonly IncrementalHash _hash;
    private readonly RankDonorsRequest _after;

    /// <param name="requestId">The key.</param>
    /// <param name="opening">The opening, without donors.</param>
    public StreamDigest(string requestId, RankDonorsRequest opening)
    {
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(requestId));
        _hash.AppendData(new RankDonorsRequest { Recipient = opening.Recipient }.ToByteArray());
        _after = opening.Clone();
        (_after.Recipient, _after.RequestId) = (null, "");
    }

    /// <summary>Takes in the next donor.</summary>
    public void Add(Donor donor) => _hash.AppendData(new RankDonorsRequest { Donors = { donor } }.ToByteArray());

    /// <summary>The digest, once all are in: lower-case hexadecimal.</summary>
    public string Close()
    {
        _hash.AppendData(_after.ToByteArray());
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
