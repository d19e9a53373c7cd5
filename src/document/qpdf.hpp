// The headers of qpdf, as clang accepts them in C++23. Private to the room.
#pragma once

#define POINTERHOLDER_TRANSITION 4  // no use of qpdf's old pointer type

#include <vector>

// JSON.hh has a vector of JSON within JSON. From C++20 on the vector's destructor is constexpr, and
// clang wants to see all of it where JSON is not complete yet. We neither make nor destroy such a
// vector, so here it is only something of the right size.
class JSON;
template <>
class std::vector<JSON> {
  public:
    vector();
    ~vector();

  private:
    void* opaque_[3];
};

#include <qpdf/InputSource.hh>
#include <qpdf/Pipeline.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>
