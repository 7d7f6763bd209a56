"""What two templates differ by in what they allow: roles, trust, policies of resources."""

from __future__ import annotations

from aws_bootstrap.promotion.permissions import compared

TEMPLATE = """
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [s3:GetObject, s3:ListBucket]
                Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
"""


def test_permissions_are_sentences_of_actions_on_the_same_resources() -> None:
    assert compared(None, TEMPLATE) == {
        "added": [
            "Reader can be assumed by glue.amazonaws.com",
            "Reader may s3:GetObject, s3:ListBucket on ${Bucket.Arn}, ${Bucket.Arn}/*",
        ],
        "removed": [],
    }


def test_only_what_two_templates_differ_by_is_added_or_removed() -> None:
    later = TEMPLATE.replace("s3:ListBucket", "s3:PutObject").replace(
        'Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]',
        "Resource: !GetAtt Bucket.Arn\n"
        "                Condition: {Bool: {aws:SecureTransport: 'true'}}",
    )
    assert compared(TEMPLATE, TEMPLATE) == {"added": [], "removed": []}
    assert compared(TEMPLATE, later) == {
        "added": [
            "Reader may s3:GetObject, s3:PutObject on ${Bucket.Arn}"
            ' if {"Bool": {"aws:SecureTransport": "true"}}'
        ],
        "removed": ["Reader may s3:GetObject, s3:ListBucket on ${Bucket.Arn}, ${Bucket.Arn}/*"],
    }


def test_no_principal_and_no_negated_member_is_left_out() -> None:
    broad = (
        TEMPLATE.replace(
            "{Service: glue.amazonaws.com}", "{Service: glue.amazonaws.com, AWS: ['*']}"
        )
        .replace("Action: [s3:GetObject, s3:ListBucket]", "NotAction: [iam:*, sts:*]")
        .replace('Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]', "NotResource: a")
    )
    assert compared(None, broad)["added"] == [
        "Reader can be assumed by *, glue.amazonaws.com",
        "Reader may all but iam:*, sts:* on all but a",
    ]


def test_policies_of_resources_and_permissions_of_functions_are_told_by_whom_they_are_for() -> None:
    template = """
Resources:
  TlsOnly:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - {Effect: Deny, Principal: "*", Action: s3:*, Resource: !Sub "${Bucket.Arn}/*",
             Condition: {Bool: {aws:SecureTransport: "false"}}}
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Hook
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub "arn:${Api}/prod"
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: root}, Action: kms:*}]}
"""
    assert compared(None, template)["added"] == [
        'anybody must not s3:* on ${Bucket.Arn}/* if {"Bool": {"aws:SecureTransport": "false"}}',
        "apigateway.amazonaws.com may lambda:InvokeFunction on ${Hook}"
        " if SourceArn is arn:${Api}/prod",
        "root may kms:* on ${Key}",
    ]
